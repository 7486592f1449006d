@main struct Nova { static func main() {} }
